package io.millrace.inference.protocol;

import java.util.List;
import java.util.Optional;

/** What the server says about itself. */
record ServerMetadata(String name, String version, List<String> extensions) {

    private static final List<String> EXTENSIONS =
            List.of("binary_tensor_data", "model_repository", "schedule_policy", "statistics");

    static ServerMetadata current() {
        String version = ServerMetadata.class.getPackage().getImplementationVersion();
        return new ServerMetadata("millrace", Optional.ofNullable(version).orElse("development"), EXTENSIONS);
    }
}
