package io.millrace.gateway.routing;

import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class RoutingConfiguration {

    @Bean
    RouteLocator routes(RouteLocatorBuilder routes, RouteProperties services) {
        return routes.routes()
                .route(
                        "app",
                        route -> route.path(
                                        "/v1/applications",
                                        "/v1/applications/**",
                                        "/v1/events",
                                        "/v1/predictions/**",
                                        "/v1/outcomes")
                                .uri(services.app()))
                .route(
                        "feature",
                        route -> route.path("/v1/entities/**", "/v1/feature-definitions")
                                .uri(services.feature()))
                .route(
                        "feast",
                        route -> route.path("/feast/get-online-features", "/feast/push", "/feast/health")
                                .filters(filters -> filters.stripPrefix(1))
                                .uri(services.feature()))
                .route(
                        "vector",
                        route -> route.path("/v1/collections", "/v1/collections/**")
                                .uri(services.vector()))
                .route("inference", route -> route.path("/v2", "/v2/**").uri(services.inference()))
                .build();
    }

    @Bean
    @Order(-2) // before Spring Boot's own answer to errors
    ProblemAnswers problemAnswers(JsonMapper json) {
        return new ProblemAnswers(json);
    }

    /** The whole API, as one document and as a page to read; neither needs a key. */
    @Bean
    RouterFunction<ServerResponse> document() {
        return RouterFunctions.route()
                .GET("/v1/openapi.json", _ -> file("openapi.json", MediaType.APPLICATION_JSON))
                .GET("/docs", _ -> file("docs.html", MediaType.TEXT_HTML))
                .build();
    }

    private static Mono<ServerResponse> file(String name, MediaType type) {
        return ServerResponse.ok().contentType(type).bodyValue(new ClassPathResource(name));
    }

    /** A problem's type is a path, and the path explains it. */
    @Bean
    RouterFunction<ServerResponse> problems() {
        Map<String, ProblemType> types =
                Arrays.stream(ProblemType.values()).collect(Collectors.toMap(ProblemType::slug, Function.identity()));
        return RouterFunctions.route()
                .GET("/problems/{type}", request -> {
                    ProblemType type = types.get(request.pathVariable("type"));
                    return type == null
                            ? Mono.error(new UnknownProblem(request.pathVariable("type")))
                            : ServerResponse.ok()
                                    .contentType(MediaType.APPLICATION_JSON)
                                    .bodyValue(Map.of(
                                            "type", type.path(), "title", type.title(), "status", type.status()));
                })
                .build();
    }

    /** Nobody answers with a problem of this name. */
    static final class UnknownProblem extends RuntimeException {

        UnknownProblem(String slug) {
            super("there is no problem \"" + slug + "\"");
        }

        Problem problem() {
            return Problem.of(ProblemType.NOT_FOUND, String.valueOf(getMessage()));
        }
    }
}
