package io.millrace.local.supervision;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Every port of one Millrace, counted from one base so that two run side by side.
 *
 * @param base the gateway's; {@code MILLRACE_PORT_BASE}
 */
public record Ports(int base) implements Addresses {

    private static final int DEFAULT = 8080;
    private static final int HIGHEST_BASE = 65535 - 1004;

    /** @throws IllegalArgumentException that says which bases there are */
    public Ports {
        if (base < 1024 || base > HIGHEST_BASE) {
            throw refused(Integer.toString(base));
        }
    }

    /** Those of {@code MILLRACE_PORT_BASE}, or of 8080 where it is not set. */
    public static Ports configured(@Nullable String base) {
        if (base == null || base.isBlank()) {
            return new Ports(DEFAULT);
        }
        try {
            return new Ports(Integer.parseInt(base.strip()));
        } catch (NumberFormatException e) {
            throw refused(base);
        }
    }

    private static IllegalArgumentException refused(String base) {
        return new IllegalArgumentException(
                "MILLRACE_PORT_BASE is " + base + "; it must be a number from 1024 to " + HIGHEST_BASE + ".");
    }

    public int http(Service service) {
        return base + service.ordinal();
    }

    public int management(Service service) {
        return base + 100 + service.ordinal();
    }

    public int grpc(Service service) {
        return base + 1000 + service.ordinal();
    }

    public int postgres() {
        return base + 11;
    }

    public int kafka() {
        return base + 12;
    }

    public int redis() {
        return base + 13;
    }

    public int kafkaController() {
        return base + 14;
    }

    @Override
    public String url(Service service) {
        return "http://127.0.0.1:" + http(service);
    }

    @Override
    public String kafkaBootstrap() {
        return "127.0.0.1:" + kafka();
    }

    /** Every port with the part that listens there. */
    public SequencedMap<Integer, String> owners() {
        var owners = new LinkedHashMap<Integer, String>();
        for (Service service : Service.values()) {
            owners.put(http(service), service.title());
        }
        owners.put(postgres(), "postgres");
        owners.put(kafka(), "kafka");
        owners.put(kafkaController(), "kafka's controller");
        owners.put(redis(), "redis");
        for (Service service : Service.values()) {
            owners.put(management(service), service.title() + "'s metrics");
        }
        for (Service service : Service.values()) {
            if (service.speaksGrpc()) {
                owners.put(grpc(service), service.title() + "'s gRPC");
            }
        }
        return owners;
    }
}
