# One image per service: docker build --build-arg SERVICE=app-service -t millrace/app-service:0.1.0-SNAPSHOT .
# and one that brings the reference application in: docker build --target provide -t millrace/provide:0.1.0-SNAPSHOT .
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /millrace
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -q -B -Dmaven.test.skip=true package

FROM eclipse-temurin:25-jdk AS unpacked
ARG SERVICE
COPY --from=build /millrace/${SERVICE}/target/${SERVICE}-*-exec.jar /unpack/service.jar
RUN cd /unpack && java -Djarmode=tools -jar service.jar extract --layers --destination /app

FROM eclipse-temurin:25-jdk AS runtime
RUN groupadd --gid 10001 millrace \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin millrace \
    && mkdir -p /var/lib/millrace/models /models /etc/millrace \
    && chown -R 10001:10001 /var/lib/millrace /models /etc/millrace
WORKDIR /app
ENV MALLOC_ARENA_MAX=2

FROM runtime AS provide
COPY --from=build /millrace/local/target/millrace-local-*.jar local/target/
COPY --from=build /millrace/local/target/lib local/target/lib
COPY --from=build /millrace/applications/storefront applications/storefront
ENV DJL_CACHE_DIR=/tmp/djl
USER 10001:10001
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-Xmx128m", "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", "-Dmillrace.home=/app", \
    "-cp", "/app/local/target/*:/app/local/target/lib/*", "io.millrace.local.Launcher", "provide", "storefront"]

FROM runtime AS service
COPY --from=unpacked /app/dependencies/ ./
COPY --from=unpacked /app/snapshot-dependencies/ ./
COPY --from=unpacked /app/application/ ./
USER 10001:10001
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", "--add-modules", "jdk.incubator.vector", "-jar", "/app/service.jar"]
