package io.millrace.starter.problem;

import io.millrace.starter.request.RequestId;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers every error of a servlet application as a problem, and logs what is our own fault. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Problem> known(ProblemException error) {
        HttpHeaders headers = new HttpHeaders();
        if (error.retryAfter() != null) {
            headers.set(
                    HttpHeaders.RETRY_AFTER,
                    Long.toString(Math.max(1, error.retryAfter().toSeconds())));
        }
        return answer(error.problem(), headers);
    }

    @ExceptionHandler
    ResponseEntity<Problem> unreadable(HttpMessageNotReadableException error) {
        Problem.Violation violation = violation(error);
        return answer(
                violation == null
                        ? Problem.of(
                                ProblemType.MALFORMED_BODY, "send one JSON object; this body is not JSON or is empty")
                        : Problem.of(ProblemType.VALIDATION, "change what errors names", violation));
    }

    @ExceptionHandler
    ResponseEntity<Problem> mediaType(HttpMediaTypeNotSupportedException error) {
        return answer(Problem.of(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "send Content-Type: " + MediaType.toString(error.getSupportedMediaTypes())));
    }

    @ExceptionHandler
    ResponseEntity<Problem> method(HttpRequestMethodNotSupportedException error) {
        HttpHeaders headers = new HttpHeaders();
        if (error.getSupportedHttpMethods() != null) {
            headers.setAllow(error.getSupportedHttpMethods());
        }
        return answer(
                Problem.of(ProblemType.METHOD_NOT_ALLOWED, "use " + headers.getFirst(HttpHeaders.ALLOW)), headers);
    }

    @ExceptionHandler
    ResponseEntity<Problem> parameter(MethodArgumentTypeMismatchException error) {
        return answer(Problem.of(
                ProblemType.VALIDATION, "the parameter \"" + error.getName() + "\" has a value of the wrong type"));
    }

    @ExceptionHandler
    ResponseEntity<Problem> path(NoResourceFoundException error) {
        return answer(Problem.of(ProblemType.NOT_FOUND, "there is nothing at /" + error.getResourcePath()));
    }

    @ExceptionHandler
    ResponseEntity<Problem> unexpected(Exception error) {
        log.atError().setCause(error).log("request failed");
        return answer(Problem.of(ProblemType.INTERNAL, "report this with the request id in instance"));
    }

    private static Problem.@Nullable Violation violation(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            Problem.Violation violation = JsonViolations.of(cause);
            if (violation != null) {
                return violation;
            }
        }
        return null;
    }

    private static ResponseEntity<Problem> answer(Problem problem) {
        return answer(problem, new HttpHeaders());
    }

    private static ResponseEntity<Problem> answer(Problem problem, HttpHeaders headers) {
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.at(MDC.get(RequestId.LOG_KEY)));
    }
}
