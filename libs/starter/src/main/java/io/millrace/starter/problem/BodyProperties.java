package io.millrace.starter.problem;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** @param maxBody the largest body that a service reads; the gateway lets in less */
@ConfigurationProperties("millrace.http")
record BodyProperties(@DefaultValue("64MB") DataSize maxBody) {

    BodyProperties {
        if (maxBody.toBytes() < 1) {
            throw new IllegalArgumentException("millrace.http.max-body must be at least 1 byte");
        }
    }
}
