/** Postgres, Kafka and Redis without Docker: for {@code ./millrace up} and, through {@code libs/testing}, for tests. */
@NullMarked
package io.millrace.local.infra;

import org.jspecify.annotations.NullMarked;
