package io.millrace.inference;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts inference-service. */
@SpringBootApplication
public class InferenceApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(InferenceApplication.class, arguments);
    }
}
