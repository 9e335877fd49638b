/** The records of predictions: through a log on disk to Kafka, and from there to Postgres, where one is looked up. */
@NullMarked
package io.millrace.app.records;

import org.jspecify.annotations.NullMarked;
