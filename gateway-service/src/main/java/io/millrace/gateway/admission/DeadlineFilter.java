package io.millrace.gateway.admission;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Ends the wait for an answer at the caller's deadline, and tells the service how long that is. */
final class DeadlineFilter implements GlobalFilter, Ordered {

    private final Duration defaultTimeout;
    private final Duration maxTimeout;

    DeadlineFilter(Duration defaultTimeout, Duration maxTimeout) {
        this.defaultTimeout = defaultTimeout;
        this.maxTimeout = maxTimeout;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String header = exchange.getRequest().getHeaders().getFirst(RequestTimeout.HEADER);
        return Mono.defer(() -> chain.filter(exchange).timeout(timeout(header)));
    }

    private Duration timeout(@Nullable String header) {
        return header == null ? defaultTimeout : RequestTimeout.parse(header, maxTimeout);
    }

    @Override
    public int getOrder() {
        return -200;
    }
}
