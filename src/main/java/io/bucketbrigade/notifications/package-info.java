/** Notifications about how runs end: they are written with the run's end, and are sent by mail and SNS. */
@NullMarked
package io.bucketbrigade.notifications;

import org.jspecify.annotations.NullMarked;
