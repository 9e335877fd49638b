package io.millrace.app.records;

import io.millrace.app.pipeline.Evidence;
import io.millrace.app.pipeline.Prediction;
import io.millrace.app.pipeline.PredictionRequest;
import io.millrace.wire.PredictionRecord;
import io.millrace.wire.PredictionRecord.Degradation;
import io.millrace.wire.PredictionRecord.ModelUse;
import io.millrace.wire.PredictionRecord.Scored;
import io.millrace.wire.PredictionRecord.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An answer of which a record is to be kept.
 *
 * @param time when it was made
 * @param requestId the request's, if it had one
 */
public record Answered(
        String tenant,
        UUID id,
        Instant time,
        @Nullable String requestId,
        String application,
        int applicationVersion,
        Prediction prediction) {

    PredictionRecord toRecord() {
        Evidence evidence = prediction.evidence();
        PredictionRequest request = evidence.request();
        List<Timing> timings = new ArrayList<>();
        prediction.stepNanos().forEach((step, nanos) -> timings.add(new Timing(step, nanos / 1000)));
        timings.add(new Timing("total", prediction.totalNanos() / 1000));
        return new PredictionRecord(
                id,
                application,
                applicationVersion,
                time,
                requestId,
                request.entities(),
                request.context(),
                request.limit(),
                request.exclude(),
                prediction.results().stream()
                        .map(each -> new Scored(each.id(), each.score()))
                        .toList(),
                evidence.features(),
                evidence.candidates(),
                prediction.models().stream()
                        .map(each -> new ModelUse(each.step(), each.model(), each.version()))
                        .toList(),
                prediction.degraded().stream()
                        .map(each -> new Degradation(each.step(), each.cause().wireName(), each.used()))
                        .toList(),
                timings);
    }
}
