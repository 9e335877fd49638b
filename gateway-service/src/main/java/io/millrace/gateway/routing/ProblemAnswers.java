package io.millrace.gateway.routing;

import io.millrace.gateway.admission.RequestIdWebFilter;
import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Answers every error of the gateway's own as a problem; under {@code /v2} in the Open Inference Protocol's shape. */
final class ProblemAnswers implements WebExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAnswers.class);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final JsonMapper json;

    ProblemAnswers(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(error);
        }
        String path = exchange.getRequest().getPath().value();
        Problem problem = problem(error, path);
        if (problem.status() == HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            log.atError().addKeyValue("path", path).setCause(error).log("request failed");
        }
        response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
        HttpHeaders headers = response.getHeaders();
        Duration retryAfter = error instanceof ProblemException known ? known.retryAfter() : null;
        if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString((retryAfter == null ? SOON : retryAfter).toSeconds()));
        }
        if (problem.status() == HttpStatus.UNAUTHORIZED.value()) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"millrace\"");
        }
        byte[] body;
        if (path.equals("/v2") || path.startsWith("/v2/")) {
            headers.setContentType(MediaType.APPLICATION_JSON);
            body = json.writeValueAsBytes(Map.of("error", String.valueOf(problem.detail())));
        } else {
            headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
            body = json.writeValueAsBytes(problem.at(RequestIdWebFilter.of(exchange)));
        }
        headers.setContentLength(body.length);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer)).onErrorResume(IllegalStateException.class, sent -> {
            // Netty has answered already what is no HTTP, a broken chunk for example
            log.atDebug().setCause(sent).log("request was answered before it was read");
            return Mono.empty();
        });
    }

    private static Problem problem(Throwable error, String path) {
        return switch (error) {
            case ProblemException known -> known.problem();
            case RoutingConfiguration.UnknownProblem unknown -> unknown.problem();
            case MethodNotAllowedException method ->
                Problem.of(ProblemType.METHOD_NOT_ALLOWED, "use one of " + method.getSupportedMethods());
            case ResponseStatusException status
            when status.getStatusCode().value() == 404 ->
                Problem.of(ProblemType.NOT_FOUND, "there is nothing at " + path);
            case ResponseStatusException status
            when status.getStatusCode().is4xxClientError() ->
                Problem.of(ProblemType.MALFORMED_BODY, "the request cannot be read");
            case TimeoutException _ ->
                Problem.of(
                        ProblemType.DEADLINE_EXCEEDED,
                        "no answer in time; give more in Request-Timeout-Ms or try again");
            case IOException _ ->
                Problem.of(ProblemType.UNAVAILABLE, "the service behind this path does not answer; try again");
            default -> Problem.of(ProblemType.INTERNAL, "report this with the request id in instance");
        };
    }
}
