package io.millrace.feature.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.feature.aggregation.ViewAggregation;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * What a training set is to hold.
 *
 * @param entities one for each row
 * @param times one for each row
 */
record TrainingSetRequest(
        @JsonProperty(value = "feature_service", required = true)
        String featureService,

        @JsonProperty(value = "entities", required = true) List<String> entities,
        @JsonProperty(value = "times", required = true) List<Moment> times) {

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
