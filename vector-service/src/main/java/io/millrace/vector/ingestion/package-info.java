/** Reads points from Kafka into the indexes; how far it got is kept in the indexes themselves. */
@NullMarked
package io.millrace.vector.ingestion;

import org.jspecify.annotations.NullMarked;
