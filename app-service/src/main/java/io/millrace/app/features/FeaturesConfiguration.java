package io.millrace.app.features;

import io.millrace.app.channels.Channels;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FeaturesConfiguration {

    @Bean
    FeatureClient featureClient(Channels channels) {
        return new FeatureClient(channels.open("feature"));
    }
}
