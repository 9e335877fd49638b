package io.millrace.feature.online;

import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.feature.registry.FeatureRegistry;
import java.time.InstantSource;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OnlineConfiguration {

    @Bean
    OnlineStore onlineStore(DataRedisConnectionDetails redis, OnlineProperties properties) {
        return new OnlineStore(link(redis, "feature-writer", properties), properties.writeTimeout());
    }

    @Bean
    OnlineFeatureReader onlineFeatureReader(
            FeatureRegistry registry,
            DataRedisConnectionDetails redis,
            OnlineProperties properties,
            InstantSource clock,
            MeterRegistry meters) {
        return new OnlineFeatureReader(
                registry, link(redis, "feature-reader", properties), properties.readTimeout(), clock, meters);
    }

    private static RedisLink link(DataRedisConnectionDetails redis, String name, OnlineProperties properties) {
        return new RedisLink(uri(redis), name, properties.maxCommandsInFlight(), properties.silence());
    }

    private static RedisURI uri(DataRedisConnectionDetails redis) {
        DataRedisConnectionDetails.Standalone server = redis.getStandalone();
        if (server == null) {
            throw new IllegalStateException("feature-service reads one Redis server; set spring.data.redis.host");
        }
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(server.getHost())
                .withPort(server.getPort())
                .withDatabase(server.getDatabase());
        String password = redis.getPassword();
        if (password != null) {
            String user = redis.getUsername();
            uri.withAuthentication(user == null ? "default" : user, password.toCharArray());
        }
        return uri.build();
    }
}
