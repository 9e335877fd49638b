/** All that touches Kafka: events become feature rows, feature rows reach the online store, events are read again. */
@NullMarked
package io.millrace.feature.streaming;

import org.jspecify.annotations.NullMarked;
