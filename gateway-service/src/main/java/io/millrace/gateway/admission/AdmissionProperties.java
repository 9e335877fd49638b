package io.millrace.gateway.admission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a request may cost.
 *
 * @param maxBody the largest body
 * @param defaultTimeout how long the gateway waits for an answer when the caller does not say
 * @param maxTimeout the longest a caller may ask for
 * @param reserve what is kept of the caller's time for the way there and back; the service is told the rest
 */
@ConfigurationProperties("millrace.gateway.admission")
record AdmissionProperties(
        @DefaultValue("1MB") DataSize maxBody,
        @DefaultValue("10s") Duration defaultTimeout,
        @DefaultValue("60s") Duration maxTimeout,
        @DefaultValue("10ms") Duration reserve) {

    AdmissionProperties {
        if (maxBody.toBytes() < 1) {
            throw new IllegalArgumentException("millrace.gateway.admission.max-body must be at least 1 byte");
        }
        if (defaultTimeout.compareTo(maxTimeout) > 0) {
            throw new IllegalArgumentException("millrace.gateway.admission.default-timeout is over max-timeout");
        }
        if (reserve.isNegative()) {
            throw new IllegalArgumentException("millrace.gateway.admission.reserve must not be negative");
        }
    }
}
