package io.millrace.gateway.identity;

import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.ProblemType;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Lets in who has a key, and tells the services which tenant it is instead of the key. */
final class IdentityFilter implements GlobalFilter, Ordered {

    /** Inward header: whose request this is. */
    static final String TENANT = "X-Millrace-Tenant";

    private static final String SCHEME = "Bearer ";

    private final KeyFile key;

    IdentityFilter(KeyFile key) {
        this.key = key;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String given = bearer(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
        if (given == null || !key.opens(given)) {
            return Mono.error(new ProblemException(
                    ProblemType.UNAUTHENTICATED,
                    given == null
                            ? "send the header Authorization: Bearer KEY"
                            : "this key is not known; send another one"));
        }
        return chain.filter(exchange.mutate()
                .request(request -> request.headers(headers -> {
                    headers.remove(HttpHeaders.AUTHORIZATION);
                    headers.set(TENANT, "default");
                }))
                .build());
    }

    private static @Nullable String bearer(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }

    @Override
    public int getOrder() {
        return -400;
    }
}
