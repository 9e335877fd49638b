package io.millrace.starter.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestIdTest {

    @Test
    void isTheCallersOwnWhereItIsHarmless() {
        assertThat(RequestId.of("order-17.retry_2", 0)).isEqualTo("order-17.retry_2");
    }

    @Test
    void isNewWhereTheCallersCouldForgeALogLine() {
        assertThat(UUID.fromString(RequestId.of("a\nERROR all is lost", 0)).version())
                .isEqualTo(7);
        assertThat(UUID.fromString(RequestId.of("x".repeat(65), 0)).version()).isEqualTo(7);
        assertThat(UUID.fromString(RequestId.of(null, 0)).version()).isEqualTo(7);
    }
}
