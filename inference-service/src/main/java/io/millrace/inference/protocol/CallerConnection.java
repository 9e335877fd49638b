package io.millrace.inference.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * The connection on which the request came that this thread answers. The servlet interface tells of a caller's leaving only
 * when something is written, which is after the work.
 */
final class CallerConnection {

    private static final ScopedValue<SocketWrapperBase<NioChannel>> CURRENT = ScopedValue.newInstance();

    private CallerConnection() {}

    /**
     * Whether the caller has closed the connection, or its own half of it: nobody who waits for an answer does that. For the
     * thread that answers the request, after it has read the body.
     */
    static boolean isClosed() {
        if (!CURRENT.isBound()) {
            return false;
        }
        SocketWrapperBase<NioChannel> connection = CURRENT.get();
        ByteBuffer ahead = ByteBuffer.allocate(1);
        try {
            if (connection.read(false, ahead) > 0) {
                connection.unRead(ahead.flip()); // of the next request, which it does not wait with
            }
            return false;
        } catch (IOException _) {
            return true; // the end, or a reset
        }
    }

    /** Tomcat's protocol, which also remembers the connection. Public for Tomcat, which makes it by its name. */
    public static final class Protocol extends Http11NioProtocol {

        public Protocol() {
            Handler<NioChannel> handler = getHandler();
            setHandler(new Remembering(handler));
            getEndpoint().setHandler(getHandler());
        }
    }

    private record Remembering(Handler<NioChannel> handler) implements Handler<NioChannel> {

        @Override
        public SocketState process(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
            return ScopedValue.where(CURRENT, connection).call(() -> handler.process(connection, event));
        }

        @Override
        public Object getGlobal() {
            return handler.getGlobal();
        }

        @Override
        public void release(SocketWrapperBase<NioChannel> connection) {
            handler.release(connection);
        }

        @Override
        public void pause() {
            handler.pause();
        }

        @Override
        public void recycle() {
            handler.recycle();
        }
    }
}
