/** What a pipeline is: the folder that holds it, and what its pipeline.yaml says. */
@NullMarked
package io.bucketbrigade.registry;

import org.jspecify.annotations.NullMarked;
