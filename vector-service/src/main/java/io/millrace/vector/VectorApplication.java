package io.millrace.vector;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts vector-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class VectorApplication {

    public static void main(String[] args) {
        SpringApplication.run(VectorApplication.class, args);
    }
}
