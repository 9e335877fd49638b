package io.millrace.vector.api;

import io.millrace.starter.request.RequestId;
import io.millrace.vector.engine.VectorException;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import org.slf4j.MDC;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers this service's errors as problems. */
@RestControllerAdvice
@Order(0)
final class VectorProblems {

    @ExceptionHandler
    ResponseEntity<Problem> answer(VectorException error) {
        String detail = String.valueOf(error.getMessage());
        Problem problem = switch (error) {
            case VectorException.UnknownCollection _ -> Problem.of(ProblemType.UNKNOWN_COLLECTION, detail);
            case VectorException.UnknownEmbeddingSpace _ -> Problem.of(ProblemType.CONFLICT, detail);
            case VectorException.InvalidQuery invalid ->
                Problem.of(
                        ProblemType.VALIDATION,
                        "change what errors names",
                        new Problem.Violation(invalid.pointer(), "invalid", detail));
            case VectorException.InvalidPoint _ -> Problem.of(ProblemType.VALIDATION, detail);
            case VectorException.InvalidDefinition invalid ->
                Problem.of(
                        ProblemType.INVALID_DEFINITION,
                        "change what errors names",
                        new Problem.Violation(invalid.pointer(), "invalid", detail));
            case VectorException.DefinitionConflict _ -> Problem.of(ProblemType.CONFLICT, detail);
            case VectorException.Overloaded _ -> Problem.of(ProblemType.UNAVAILABLE, detail);
            case VectorException.DeadlineExceeded _ -> Problem.of(ProblemType.DEADLINE_EXCEEDED, detail);
            case VectorException.Unavailable _ -> Problem.of(ProblemType.UNAVAILABLE, detail);
        };
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(problem.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (problem.status() == 503) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return answer.body(problem.at(MDC.get(RequestId.LOG_KEY)));
    }
}
