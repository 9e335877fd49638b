package io.millrace.app.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.wire.PredictionRecord;
import io.millrace.wire.PredictionRecord.CandidateList;
import io.millrace.wire.PredictionRecord.Degradation;
import io.millrace.wire.PredictionRecord.FeatureCell;
import io.millrace.wire.PredictionRecord.FeatureColumn;
import io.millrace.wire.PredictionRecord.FeatureRead;
import io.millrace.wire.PredictionRecord.ModelUse;
import io.millrace.wire.PredictionRecord.Scored;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The record of a prediction, laid out to be read: features by row, with their age when the answer was made. */
record RecordResponse(
        @JsonProperty("prediction_id") UUID predictionId,
        String application,
        @JsonProperty("application_version") int applicationVersion,
        Instant time,
        @JsonProperty("request_id") @Nullable String requestId,
        Asked request,
        List<Degradation> degraded,
        List<Scored> results,
        List<Read> features,
        List<CandidateList> candidates,
        List<ModelUse> models,
        @JsonProperty("timings_us") Map<String, Long> timingsMicros) {

    /** What was asked for. */
    record Asked(Map<String, String> entities, Map<String, Object> context, int limit, List<String> exclude) {}

    /** What a step read. */
    record Read(String step, String service, List<Row> rows) {}

    /** The features of one entity. */
    record Row(String id, Map<String, Cell> features) {}

    /** A feature; {@code age_ms} is how old its value was when the answer was made. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Cell(
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Object value,

            FeatureCell.Status status,
            @JsonProperty("event_time") @Nullable Instant eventTime,
            @JsonProperty("age_ms") @Nullable Long ageMillis) {}

    static RecordResponse of(PredictionRecord record) {
        Map<String, Long> timings = new LinkedHashMap<>();
        record.timings().forEach(timing -> timings.put(timing.step(), timing.micros()));
        return new RecordResponse(
                record.id(),
                record.application(),
                record.applicationVersion(),
                record.time(),
                record.requestId(),
                new Asked(record.entities(), record.context(), record.limit(), record.exclude()),
                record.degraded(),
                record.results(),
                record.features().stream()
                        .map(read -> read(read, record.time()))
                        .toList(),
                record.candidates(),
                record.models(),
                timings);
    }

    private static Read read(FeatureRead read, Instant now) {
        return new Read(
                read.step(),
                read.service(),
                IntStream.range(0, read.ids().size())
                        .mapToObj(row -> new Row(read.ids().get(row), cells(read.columns(), row, now)))
                        .toList());
    }

    private static Map<String, Cell> cells(List<FeatureColumn> columns, int row, Instant now) {
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (FeatureColumn column : columns) {
            FeatureCell cell = column.cells().get(row);
            Instant time = cell.eventTime();
            cells.put(
                    column.name(),
                    new Cell(
                            cell.value(),
                            cell.status(),
                            time,
                            time == null ? null : Duration.between(time, now).toMillis()));
        }
        return cells;
    }
}
