package io.millrace.inference.repository;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What {@code model.yaml} says about coming and going.
 *
 * @param versions which of the model's versions are loaded
 * @param batchLimit how long one batch may take at warm-up; a slower model is refused
 * @param samples the name of the file with {@link Samples}, or {@code null} if there is none
 */
record Lifecycle(
        VersionPolicy versions,
        Duration batchLimit,
        @Nullable String samples) {}
