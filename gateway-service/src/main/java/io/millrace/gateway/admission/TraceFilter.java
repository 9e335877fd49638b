package io.millrace.gateway.admission;

import java.util.random.RandomGenerator;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Continues the caller's trace, or starts one, and says in the answer which. */
final class TraceFilter implements GlobalFilter, Ordered {

    private final RandomGenerator random;

    TraceFilter(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String trace = TraceParent.under(exchange.getRequest().getHeaders().getFirst(TraceParent.HEADER), random)
                .toString();
        exchange.getResponse().beforeCommit(() -> {
            exchange.getResponse().getHeaders().set(TraceParent.HEADER, trace);
            return Mono.empty();
        });
        return chain.filter(exchange.mutate()
                .request(request -> request.headers(headers -> headers.set(TraceParent.HEADER, trace)))
                .build());
    }

    @Override
    public int getOrder() {
        return -500;
    }
}
