package io.millrace.feature.offline;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feature values as they were.
 *
 * @param featureNames one for each column
 * @param rows how many values each column has
 * @param streamTime the time of the newest event that was read; null where there is none
 */
public record TrainingSet(
        List<String> featureNames,
        List<TrainingColumn> columns,
        int rows,
        @Nullable Instant streamTime) {}
