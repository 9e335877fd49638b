package io.millrace.inference.repository;

import java.time.Duration;

/**
 * What {@code model.yaml} says about coming and going.
 *
 * @param versions which of the model's versions are loaded
 * @param batchLimit how long one batch may take at warm-up; a slower model is refused
 */
record Lifecycle(VersionPolicy versions, Duration batchLimit) {}
