package io.millrace.app.neighbours;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A gRPC server on a port of its own, and a channel to it. */
public final class TestServer implements AutoCloseable {

    private final Server server;
    private final ManagedChannel channel;

    private TestServer(Server server) {
        this.server = server;
        this.channel = Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    public static TestServer of(BindableService service) {
        try {
            return new TestServer(Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(service)
                    .build()
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ManagedChannel channel() {
        return channel;
    }

    /** As a channel's target is configured. */
    public String target() {
        return "static://127.0.0.1:" + server.getPort();
    }

    /** Nothing listens on the port from now on. */
    public void goAway() {
        server.shutdownNow();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }
}
