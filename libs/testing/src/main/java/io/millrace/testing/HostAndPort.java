package io.millrace.testing;

/** Where a server listens. */
public record HostAndPort(String host, int port) {

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
