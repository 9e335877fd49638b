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
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

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
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyLimitFilter.BodyTooLargeException) {
                return answer(Problem.of(ProblemType.BODY_TOO_LARGE, String.valueOf(cause.getMessage())));
            }
        }
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
                error.getSupportedMediaTypes().isEmpty()
                        ? "the header Content-Type cannot be read; send the media type of the body"
                        : "send Content-Type: " + MediaType.toString(error.getSupportedMediaTypes())));
    }

    @ExceptionHandler
    ResponseEntity<Problem> acceptable(HttpMediaTypeNotAcceptableException error) {
        return answer(Problem.of(
                ProblemType.NOT_ACCEPTABLE,
                error.getSupportedMediaTypes().isEmpty()
                        ? "the header Accept cannot be read, or names nothing that there is here"
                        : "send Accept: " + MediaType.toString(error.getSupportedMediaTypes())));
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

    /** Null where there is nobody to answer: the client left, which is no fault of anybody here. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Problem> unexpected(Exception error) {
        if (DisconnectedClientHelper.isClientDisconnectedException(error)) {
            log.atDebug().setCause(error).log("the client left before it was answered");
            return null;
        }
        if (error instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            // one that Spring gives and nothing above knows; its message tells the caller what is wrong
            return answer(Problem.of(
                    ProblemType.VALIDATION, String.valueOf(known.getBody().getDetail())));
        }
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
