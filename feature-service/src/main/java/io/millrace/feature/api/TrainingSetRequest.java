package io.millrace.feature.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.feature.FeatureException;
import io.millrace.feature.aggregation.ViewAggregation;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a training set is to hold.
 *
 * @param entities one for each row
 * @param times one for each row
 * @param labelsFrom when what the row is to foretell begins, one for each row: not before its time, because features would
 *     then know of it; null where the caller does not say
 */
record TrainingSetRequest(
        @JsonProperty(value = "feature_service", required = true)
        String featureService,

        @JsonProperty(value = "entities", required = true) List<String> entities,
        @JsonProperty(value = "times", required = true) List<Moment> times,
        @JsonProperty("labels_from") @Nullable List<Moment> labelsFrom) {

    /**
     * @throws FeatureException.InvalidRequest if a label begins inside the window of its row's features
     */
    void requireLabelsAfterFeatures() {
        if (labelsFrom == null) {
            return;
        }
        if (labelsFrom.size() != times.size()) {
            throw new FeatureException.InvalidRequest("/labels_from", "give as many as times");
        }
        for (int row = 0; row < times.size(); row++) {
            if (labelsFrom.get(row).micros() < times.get(row).micros()) {
                throw new FeatureException.InvalidRequest(
                        "/labels_from/" + row,
                        "the features of /times/%d would know of this label: give a time that is not before it"
                                .formatted(row));
            }
        }
    }

    /** A time, as {@code 2011-09-01T00:00:00Z} or in microseconds since 1970. */
    record Moment(long micros) {

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Moment of(long micros) {
            return new Moment(micros);
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Moment of(String iso) {
            try {
                return new Moment(ViewAggregation.micros(Instant.parse(iso)));
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("write a time such as 2026-11-23T10:00:00Z, or microseconds", e);
            }
        }
    }
}
