package io.millrace.vector;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts vector-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class VectorApplication {

    public static void main(String[] args) {
        SpringApplication.run(VectorApplication.class, args);
    }
}
