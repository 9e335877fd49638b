package io.millrace.local.supervision;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The five services, in the order in which a request meets them. */
public enum Service {
    GATEWAY("gateway-service", false, "-Xmx256m"),
    APP("app-service", false, "-Xmx320m"),
    FEATURE("feature-service", true, "-Xmx512m"),
    VECTOR("vector-service", true, "-Xmx384m"),
    INFERENCE("inference-service", true, "-Xmx256m");

    private final String title;
    private final boolean speaksGrpc;
    private final List<String> jvmFlags;

    Service(String title, boolean speaksGrpc, String... jvmFlags) {
        this.title = title;
        this.speaksGrpc = speaksGrpc;
        this.jvmFlags = List.of(jvmFlags);
    }

    /** Its name in commands, folders and logs: {@code gateway-service}. */
    public String title() {
        return title;
    }

    boolean speaksGrpc() {
        return speaksGrpc;
    }

    /** Whether it is to find Postgres or Redis when it starts. */
    boolean needsStores() {
        return switch (this) {
            case GATEWAY, INFERENCE -> false;
            case APP, FEATURE, VECTOR -> true;
        };
    }

    List<String> jvmFlags() {
        return jvmFlags;
    }

    /** The service of that title, which may be given without its ending: {@code gateway}. */
    public static Optional<Service> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.title.equals(name) || each.title.equals(name + "-service"))
                .findFirst();
    }
}
