package io.millrace.feature.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.feature.registry.FeatureRegistry;
import io.millrace.wire.CloudEventHeaders;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Whose event a record is. */
final class Tenants {

    private Tenants() {}

    static String of(Headers headers) {
        Header tenant = headers.lastHeader(CloudEventHeaders.TENANT);
        return tenant == null || tenant.value() == null ? FeatureRegistry.TENANT : new String(tenant.value(), UTF_8);
    }
}
