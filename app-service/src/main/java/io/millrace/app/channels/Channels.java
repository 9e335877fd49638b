package io.millrace.app.channels;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Opens a channel for each neighbour and keeps it connected, so that no request waits for a connection and a neighbour
 * that comes back is used within a second. gRPC alone would connect with the first call and, after some failures, try
 * again only after up to two minutes.
 */
@Component
public final class Channels {

    private final GrpcChannelFactory factory;
    private final List<ManagedChannel> open = new CopyOnWriteArrayList<>();

    Channels(GrpcChannelFactory factory) {
        this.factory = factory;
    }

    /** The channel configured as {@code spring.grpc.client.channel.NAME}. */
    public Channel open(String name) {
        ManagedChannel channel = factory.createChannel(name);
        open.add(channel);
        channel.getState(true);
        return channel;
    }

    @Scheduled(fixedRate = 1000)
    void connect() {
        for (ManagedChannel channel : open) {
            if (channel.getState(true) == ConnectivityState.TRANSIENT_FAILURE) {
                channel.resetConnectBackoff();
            }
        }
    }
}
