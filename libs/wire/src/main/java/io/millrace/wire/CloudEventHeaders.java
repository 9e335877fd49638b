package io.millrace.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The record headers of a CloudEvent in binary mode, with the tenant as an extension attribute.
 *
 * <p>Source: CloudEvents 1.0.2, Kafka protocol binding, section 3.2.
 */
public final class CloudEventHeaders {

    /** The header with the tenant. */
    public static final String TENANT = "ce_tenant";

    private CloudEventHeaders() {}

    /**
     * The headers of one message.
     *
     * @param type what it is, {@code io.millrace.event.purchase} for example
     * @param source the service or program that says so
     * @param time when it happened
     */
    public static Map<String, byte[]> of(String id, String type, String source, Instant time, String tenant) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", utf8("1.0"));
        headers.put("ce_id", utf8(id));
        headers.put("ce_type", utf8(type));
        headers.put("ce_source", utf8(source));
        headers.put("ce_time", utf8(DateTimeFormatter.ISO_INSTANT.format(time)));
        headers.put(TENANT, utf8(tenant));
        headers.put("content-type", utf8("avro/binary"));
        return headers;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
