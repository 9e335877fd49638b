package io.millrace.inference.protocol;

import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.Cancelled;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceException.Overloaded;
import io.millrace.inference.model.InferenceException.SignatureMismatch;
import io.millrace.inference.model.InferenceException.UnknownModel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Answers every error over HTTP in the protocol's shape, {@code {"error": "…"}}; nothing else is served over HTTP. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class HttpInferErrors extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(HttpInferErrors.class);

    @ExceptionHandler
    ResponseEntity<InferJson.Failure> known(InferenceException error) {
        HttpStatus status = status(error);
        HttpHeaders headers = new HttpHeaders();
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds(error)));
        }
        return new ResponseEntity<>(new InferJson.Failure(String.valueOf(error.getMessage())), headers, status);
    }

    @ExceptionHandler
    ResponseEntity<InferJson.Failure> unexpected(RuntimeException error) {
        log.atError().setCause(error).log("request failed");
        return ResponseEntity.internalServerError()
                .body(new InferJson.Failure("report this with the request id of the answer's headers"));
    }

    /** What Spring itself refuses: a path, a method, a body that is no JSON or has unknown fields. */
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception error, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String reason = error.getCause() instanceof JacksonException json
                ? JsonReason.of(json)
                : body instanceof ProblemDetail problem ? problem.getDetail() : error.getMessage();
        return new ResponseEntity<>(new InferJson.Failure(String.valueOf(reason)), headers, status);
    }

    /** Whole seconds, as HTTP has them, and at least one. */
    private static long retryAfterSeconds(InferenceException error) {
        return error instanceof Overloaded overloaded
                ? Math.max(1, overloaded.retryAfter().plusMillis(999).toSeconds())
                : 1;
    }

    private static HttpStatus status(InferenceException error) {
        return switch (error) {
            case UnknownModel _ -> HttpStatus.NOT_FOUND;
            case ModelNotReady _, Overloaded _ -> HttpStatus.SERVICE_UNAVAILABLE;
            case InvalidRequest _, SignatureMismatch _, Cancelled _ -> HttpStatus.BAD_REQUEST;
            case DeadlineExceeded _ -> HttpStatus.GATEWAY_TIMEOUT;
            case ExecutionFailed _ -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }
}
