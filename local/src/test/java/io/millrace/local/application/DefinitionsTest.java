package io.millrace.local.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.millrace.local.supervision.Addresses;
import io.millrace.local.supervision.Service;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionsTest {

    @TempDir
    private Path folder;

    @Test
    void asksAgainWhileTheOwnerCannotReachItsNeighbours() throws Exception {
        Files.writeString(folder.resolve("features.yaml"), "project: shop\n");
        var puts = new AtomicInteger();
        HttpServer owner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        owner.createContext("/v1/feature-definitions", exchange -> {
            boolean put = exchange.getRequestMethod().equals("PUT");
            byte[] body = "{\"version\":1}".getBytes(UTF_8);
            int status = put && puts.incrementAndGet() <= 2 ? 503 : 200;
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        owner.start();
        try {
            var definitions =
                    new Definitions(new HttpJson(), at(owner.getAddress().getPort()));

            assertThat(definitions.features(new ApplicationFolder(folder, folder)))
                    .extracting(Definitions.Applied::toString)
                    .containsExactly("features: version 1 (unchanged)");
            assertThat(puts).hasValue(3);
        } finally {
            owner.stop(0);
        }
    }

    private static Addresses at(int port) {
        return new Addresses() {
            @Override
            public String url(Service service) {
                return "http://127.0.0.1:" + port;
            }

            @Override
            public String kafkaBootstrap() {
                throw new UnsupportedOperationException("no Kafka here");
            }
        };
    }
}
