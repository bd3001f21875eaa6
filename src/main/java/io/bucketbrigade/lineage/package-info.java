/** OpenLineage: what runs read and wrote, as events that are written with the runs and sent from the outbox; nothing of it is loaded while no endpoint is set. */
@NullMarked
package io.bucketbrigade.lineage;

import org.jspecify.annotations.NullMarked;
