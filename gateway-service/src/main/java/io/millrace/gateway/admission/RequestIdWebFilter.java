package io.millrace.gateway.admission;

import io.millrace.starter.request.RequestId;
import java.time.InstantSource;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives every request an id, inward and in its answer. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class RequestIdWebFilter implements WebFilter {

    private static final String ATTRIBUTE = RequestIdWebFilter.class.getName();

    private final InstantSource clock;

    RequestIdWebFilter(InstantSource clock) {
        this.clock = clock;
    }

    /** The id of this request. */
    public static String of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, "");
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String id = RequestId.of(exchange.getRequest().getHeaders().getFirst(RequestId.HEADER), clock.millis());
        exchange.getAttributes().put(ATTRIBUTE, id);
        exchange.getResponse().beforeCommit(() -> {
            exchange.getResponse().getHeaders().set(RequestId.HEADER, id);
            return Mono.empty();
        });
        return chain.filter(exchange.mutate()
                .request(request -> request.headers(headers -> headers.set(RequestId.HEADER, id)))
                .build());
    }
}
