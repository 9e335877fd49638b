package io.millrace.inference.protocol;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.stereotype.Component;

/** Hands the admin key that a gRPC caller shows on to the call. */
@Component
@GlobalServerInterceptor
final class AdminKeyInterceptor implements ServerInterceptor {

    /** The key, or {@code null} if the caller showed none. */
    static final Context.Key<String> SHOWN = Context.key("millrace-admin-key");

    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of(AdminKey.HEADER, Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String shown = headers.get(HEADER);
        return shown == null
                ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(SHOWN, shown), call, headers, next);
    }
}
