package io.millrace.app.api;

import io.millrace.app.application.Application;
import io.millrace.app.application.Applications;
import io.millrace.app.application.Tenant;
import io.millrace.app.pipeline.Cause;
import io.millrace.app.pipeline.Prediction;
import io.millrace.app.pipeline.PredictionFailedException;
import io.millrace.app.pipeline.PredictionMetrics;
import io.millrace.app.pipeline.PredictionRequest;
import io.millrace.app.records.Answered;
import io.millrace.app.records.PredictionRecords;
import io.millrace.app.records.RecordUnavailableException;
import io.millrace.starter.problem.ProblemException;
import io.millrace.starter.request.RequestId;
import io.millrace.wire.ProblemType;
import io.millrace.wire.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/applications/{application}/predictions}. */
@RestController
final class PredictionController {

    private static final Duration UNLIMITED = Duration.ofDays(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration LONGEST_RECORDING = Duration.ofSeconds(2);
    private static final Pattern MILLIS = Pattern.compile("[1-9]\\d{0,8}");

    private final KnownApplications applications;
    private final PredictionMetrics metrics;
    private final PredictionRecords records;
    private final InstantSource clock;

    PredictionController(
            Applications applications, PredictionMetrics metrics, PredictionRecords records, InstantSource clock) {
        this.applications = new KnownApplications(applications);
        this.metrics = metrics;
        this.records = records;
        this.clock = clock;
    }

    @PostMapping(path = "/v1/applications/{name}/predictions", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PredictionResponse> predict(
            @PathVariable String name,
            @RequestHeader(name = "Request-Timeout-Ms", required = false) @Nullable String timeout,
            @RequestBody byte[] body) {
        long startNanos = System.nanoTime();
        Application application = applications.get(name);
        PredictionRequest request =
                PredictionRequestReader.read(body, application.pipeline().request());
        try {
            Duration patience = patience(timeout);
            Prediction prediction = application.pipeline().predict(request, patience);
            Instant now = clock.instant();
            UUID id = UuidV7.at(now.toEpochMilli());
            record(application, prediction, id, now, patience.minusNanos(System.nanoTime() - startNanos));
            metrics.answered(name, prediction);
            PredictionResponse response = PredictionResponse.of(id, application, prediction);
            return ResponseEntity.ok()
                    .header("Server-Timing", response.serverTiming())
                    .body(response);
        } catch (PredictionFailedException e) {
            metrics.failed(name, Duration.ofNanos(System.nanoTime() - startNanos));
            throw ProblemException.retryAfter(RETRY_AFTER, problem(e.reason()), String.valueOf(e.getMessage()), e);
        } catch (RecordUnavailableException e) {
            metrics.failed(name, Duration.ofNanos(System.nanoTime() - startNanos));
            throw ProblemException.retryAfter(
                    RETRY_AFTER,
                    ProblemType.RECORD_UNAVAILABLE,
                    "there is an answer, but Kafka did not keep its record, without which it may not leave; try again",
                    e);
        }
    }

    private void record(Application application, Prediction prediction, UUID id, Instant now, Duration left)
            throws RecordUnavailableException {
        Answered answered = new Answered(
                Tenant.DEFAULT,
                id,
                now.truncatedTo(ChronoUnit.MICROS),
                MDC.get(RequestId.LOG_KEY),
                application.name(),
                application.version(),
                prediction);
        switch (application.pipeline().definition().recording()) {
            case ASYNC -> records.later(answered);
            case REQUIRED -> records.now(answered, left.compareTo(LONGEST_RECORDING) < 0 ? left : LONGEST_RECORDING);
        }
    }

    private static Duration patience(@Nullable String timeout) {
        if (timeout == null) {
            return UNLIMITED;
        }
        if (!MILLIS.matcher(timeout).matches()) {
            throw new ProblemException(
                    ProblemType.VALIDATION,
                    "the header Request-Timeout-Ms is a whole number of milliseconds, at least 1");
        }
        return Duration.ofMillis(Long.parseLong(timeout));
    }

    private static ProblemType problem(Cause cause) {
        return switch (cause) {
            case DEADLINE -> ProblemType.DEADLINE_EXCEEDED;
            case TIMEOUT, UNAVAILABLE, ERROR, MISSING, DEPENDENCY -> ProblemType.STEP_FAILED;
        };
    }
}
