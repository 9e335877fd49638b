package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void areThoseOfTheDesignWhenNothingIsSet() {
        Ports ports = Ports.configured(null);

        assertThat(ports.url(Service.GATEWAY)).isEqualTo("http://127.0.0.1:8080");
        assertThat(ports.http(Service.INFERENCE)).isEqualTo(8084);
        assertThat(ports.management(Service.FEATURE)).isEqualTo(8182);
        assertThat(ports.grpc(Service.VECTOR)).isEqualTo(9083);
        assertThat(ports.postgres()).isEqualTo(8091);
        assertThat(ports.kafkaBootstrap()).isEqualTo("127.0.0.1:8092");
        assertThat(ports.redis()).isEqualTo(8093);
        assertThat(ports.kafkaController()).isEqualTo(8094);
    }

    @Test
    void ofTwoBasesAThousandTwoHundredApartNoneAreTheSame() {
        var both = new HashSet<>(new Ports(18080).owners().keySet());
        both.retainAll(new Ports(19280).owners().keySet());

        assertThat(both).isEmpty();
    }

    @Test
    void areOwnedByOnePartEach() {
        // five services with HTTP and metrics, three of them with gRPC, and four ports of the infrastructure
        assertThat(new Ports(8080).owners()).hasSize(5 + 5 + 3 + 4);
    }

    @Test
    void refuseABaseThatIsNoneAndSayWhichThereAre() {
        assertThatThrownBy(() -> Ports.configured("eighty"))
                .hasMessage("MILLRACE_PORT_BASE is eighty; it must be a number from 1024 to 64531.");
        assertThatThrownBy(() -> Ports.configured("80")).hasMessageStartingWith("MILLRACE_PORT_BASE is 80;");
        assertThatThrownBy(() -> Ports.configured("64532")).hasMessageStartingWith("MILLRACE_PORT_BASE is 64532;");
    }
}
