package io.millrace.wire;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was asked, what was answered, and what the answer was made of: the one log of predictions, for looking one up,
 * for training and for watching quality.
 *
 * @param id the prediction's, of version 7
 * @param time when the answer was made, to the microsecond
 * @param requestId the request's, if it had one
 * @param context a value is a {@code Boolean}, {@code Long}, {@code Double} or {@code String}
 * @param results best first
 * @param features what the steps read
 * @param candidates as each step left them
 * @param degraded the steps whose failure shaped the answer
 * @param timings in the pipeline's order, then {@code total}
 */
public record PredictionRecord(
        UUID id,
        String application,
        int applicationVersion,
        Instant time,
        @Nullable String requestId,
        Map<String, String> entities,
        Map<String, Object> context,
        int limit,
        List<String> exclude,
        List<Scored> results,
        List<FeatureRead> features,
        List<CandidateList> candidates,
        List<ModelUse> models,
        List<Degradation> degraded,
        List<Timing> timings) {

    /** As the topic {@link Topics#PREDICTIONS} carries it. */
    public static final WireCodec<PredictionRecord> CODEC =
            WireCodec.of("prediction-record.avsc", PredictionRecordAvro::toRecord, PredictionRecordAvro::fromRecord);

    public PredictionRecord {
        entities = Collections.unmodifiableMap(new LinkedHashMap<>(entities));
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        exclude = List.copyOf(exclude);
        results = List.copyOf(results);
        features = List.copyOf(features);
        candidates = List.copyOf(candidates);
        models = List.copyOf(models);
        degraded = List.copyOf(degraded);
        timings = List.copyOf(timings);
    }

    /** The record key. */
    public String key(String tenant) {
        return tenant + "/" + id;
    }

    /** An item with its score; larger is better. */
    public record Scored(String id, double score) {}

    /**
     * The features that a step read.
     *
     * @param service the feature service
     * @param ids whose features, a row each
     */
    public record FeatureRead(String step, String service, List<String> ids, List<FeatureColumn> columns) {
        public FeatureRead {
            ids = List.copyOf(ids);
            columns = List.copyOf(columns);
        }
    }

    /** A feature, with a cell for each row. */
    public record FeatureColumn(String name, List<FeatureCell> cells) {
        public FeatureColumn {
            cells = List.copyOf(cells);
        }
    }

    /**
     * A feature of one row.
     *
     * @param value a {@code Boolean}, {@code Long}, {@code Double}, {@code String} or list of {@code String};
     *     {@code null} where there is none
     * @param eventTime when the value was true, if that is known
     */
    public record FeatureCell(
            @Nullable Object value, Status status, @Nullable Instant eventTime) {

        /** Whether there is a value, as Feast says it. */
        public enum Status {
            INVALID,
            PRESENT,
            NULL_VALUE,
            NOT_FOUND,
            OUTSIDE_MAX_AGE
        }
    }

    /** The candidates as a step left them, with its scores. */
    public record CandidateList(String step, List<Scored> items) {
        public CandidateList {
            items = List.copyOf(items);
        }
    }

    /** Which version of a model answered a step. */
    public record ModelUse(String step, String model, String version) {}

    /**
     * A step that failed.
     *
     * @param used what stood in for it, or {@code null} where another step's fallback did
     */
    public record Degradation(
            String step, String cause, @Nullable String used) {}

    /** How long a step took, in microseconds. */
    public record Timing(String step, long micros) {}
}
