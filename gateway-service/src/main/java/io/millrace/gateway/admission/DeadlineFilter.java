package io.millrace.gateway.admission;

import java.time.Duration;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Ends the wait for an answer at the caller's deadline, and tells the service how long it has: so much less that an
 * answer which it makes in the last moment still comes through.
 */
final class DeadlineFilter implements GlobalFilter, Ordered {

    private final Duration defaultTimeout;
    private final Duration maxTimeout;
    private final Duration reserve;

    DeadlineFilter(Duration defaultTimeout, Duration maxTimeout, Duration reserve) {
        this.defaultTimeout = defaultTimeout;
        this.maxTimeout = maxTimeout;
        this.reserve = reserve;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String header = exchange.getRequest().getHeaders().getFirst(RequestTimeout.HEADER);
        return Mono.defer(() -> {
            Duration timeout = header == null ? defaultTimeout : RequestTimeout.parse(header, maxTimeout);
            return chain.filter(exchange.mutate()
                            .request(request -> request.headers(headers -> headers.set(
                                    RequestTimeout.HEADER,
                                    Long.toString(inward(timeout, reserve).toMillis()))))
                            .build())
                    .timeout(timeout);
        });
    }

    /** What the service may use of the caller's time: not less than half of it. */
    static Duration inward(Duration timeout, Duration reserve) {
        Duration half = timeout.dividedBy(2).plusMillis(1);
        Duration less = timeout.minus(reserve);
        return less.compareTo(half) > 0 ? less : half;
    }

    @Override
    public int getOrder() {
        return -200;
    }
}
