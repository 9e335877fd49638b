package io.millrace.app.api;

import io.millrace.app.application.Tenant;
import io.millrace.app.records.RecordStore;
import io.millrace.app.records.RecordsAwayException;
import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.PredictionRecord;
import io.millrace.wire.ProblemType;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/predictions/{id}}. */
@RestController
final class RecordController {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final RecordStore records;

    RecordController(RecordStore records) {
        this.records = records;
    }

    @GetMapping("/v1/predictions/{id}")
    RecordResponse get(@PathVariable String id) {
        try {
            return (ID.matcher(id).matches()
                            ? records.find(Tenant.DEFAULT, UUID.fromString(id))
                            : Optional.<PredictionRecord>empty())
                    .map(RecordResponse::of)
                    .orElseThrow(() -> new ProblemException(
                            ProblemType.UNKNOWN_PREDICTION,
                            "there is no record of this prediction; one comes within 2 s of the answer and stays for 7"
                                    + " days"));
        } catch (RecordsAwayException e) {
            throw ProblemException.retryAfter(RETRY_AFTER, ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }
}
