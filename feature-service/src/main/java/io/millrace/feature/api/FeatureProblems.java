package io.millrace.feature.api;

import io.grpc.Status;
import io.millrace.feature.FeatureException;
import io.millrace.starter.request.RequestId;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import org.slf4j.MDC;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What each of the service's errors is over HTTP and over gRPC. */
@RestControllerAdvice
@Order(0)
final class FeatureProblems {

    @ExceptionHandler
    ResponseEntity<Problem> problem(FeatureException error) {
        Problem problem = of(error);
        HttpHeaders headers = new HttpHeaders();
        if (problem.status() == 503) {
            headers.set(HttpHeaders.RETRY_AFTER, error instanceof FeatureException.TrainingBusy ? "5" : "1");
        }
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.at(MDC.get(RequestId.LOG_KEY)));
    }

    private static Problem of(FeatureException error) {
        String message = String.valueOf(error.getMessage());
        return switch (error) {
            case FeatureException.InvalidDefinition invalid ->
                Problem.of(
                        ProblemType.INVALID_DEFINITION,
                        message + "; change what errors names",
                        invalid.findings().stream()
                                .map(each -> new Problem.Violation(
                                        each.pointer(),
                                        each.code(),
                                        "line " + each.line() + ", column " + each.column() + ": " + each.message()))
                                .toArray(Problem.Violation[]::new));
            case FeatureException.Conflict _ -> Problem.of(ProblemType.CONFLICT, message);
            case FeatureException.UnknownFeature _ -> Problem.of(ProblemType.UNKNOWN_FEATURE, message);
            case FeatureException.InvalidRequest invalid ->
                Problem.of(
                        ProblemType.VALIDATION,
                        "change what errors names",
                        new Problem.Violation(invalid.pointer(), "invalid", message));
            case FeatureException.DeadlineExceeded _ -> Problem.of(ProblemType.DEADLINE_EXCEEDED, message);
            case FeatureException.RegistryUnavailable _,
                    FeatureException.OnlineStoreUnavailable _,
                    FeatureException.TrainingBusy _ -> Problem.of(ProblemType.UNAVAILABLE, message);
            case FeatureException.EventsUnavailable _ -> Problem.of(ProblemType.EVENTS_UNAVAILABLE, message);
        };
    }

    static Status status(FeatureException error) {
        Status status = switch (error) {
            case FeatureException.InvalidDefinition _, FeatureException.InvalidRequest _ -> Status.INVALID_ARGUMENT;
            case FeatureException.Conflict _ -> Status.FAILED_PRECONDITION;
            case FeatureException.UnknownFeature _ -> Status.NOT_FOUND;
            case FeatureException.DeadlineExceeded _ -> Status.DEADLINE_EXCEEDED;
            case FeatureException.RegistryUnavailable _,
                    FeatureException.OnlineStoreUnavailable _,
                    FeatureException.TrainingBusy _,
                    FeatureException.EventsUnavailable _ -> Status.UNAVAILABLE;
        };
        return status.withDescription(error.getMessage()).withCause(error);
    }
}
