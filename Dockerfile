# Builds with a JDK, runs with a JRE as an ordinary user. Data is kept in the volume /data. Both base images must be with glibc: native libraries are not for musl (Alpine).
FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
RUN ./mvnw --batch-mode --no-transfer-progress -DskipTests package
# Jars bring native libraries for many platforms; only those for this image's are kept. It fails if the one that is needed is not found. Here, because
# the cache for fast starts below is bound to the jars as they are then. The builder sets TARGETPLATFORM (linux/arm64); one that doesn't builds for its own.
COPY deploy/image deploy/image
ARG TARGETPLATFORM
RUN java deploy/image/OnePlatform.java deploy/image/native-libraries.txt target/lib "$TARGETPLATFORM"

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin brigade \
    && mkdir -p /data /app/start && chown brigade:brigade /data /app/start
WORKDIR /app
COPY --from=build /build/target/lib lib
COPY --from=build /build/target/bucket-brigade.jar /build/deploy/image/healthy /build/deploy/image/lambda ./
COPY routes routes
COPY samples samples
COPY templates templates
USER brigade
# What a start loads, kept ready. Where the builder can't start the embedded PostgreSQL, starts take a second longer.
RUN java -XX:+UseSerialGC -XX:AOTCacheOutput=/app/start/service.aot -jar /app/bucket-brigade.jar rehearse service \
    || { echo "No cache for fast starts: the rehearsal failed"; rm -f /app/start/service.aot; }
# The same for a function on AWS Lambda, whose entry point is /app/lambda.
RUN /app/lambda rehearse \
    || { echo "No cache for fast starts of the function: the rehearsal failed"; rm -f /app/start/lambda.aot; }
WORKDIR /data
VOLUME /data
# File names may contain any character, whatever the host's locale is.
ENV LC_ALL=C.UTF-8
# A container's loopback can't be reached from outside, so listen on all addresses; BRIGADE_API_KEY decides who may write.
ENV BRIGADE_HOME=/app BRIGADE_DATA=/data BRIGADE_HTTP_HOST=0.0.0.0
EXPOSE 3000
# HTTP first, then HTTPS; openssl belongs to ca-certificates, which the base image has.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["/app/healthy"]
# Netty, which the HTTP server uses, calls what newer JDKs warn about.
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "--sun-misc-unsafe-memory-access=allow", \
    "-XX:AOTCache=/app/start/service.aot", "-Xlog:aot=off,cds=off", "-jar", "/app/bucket-brigade.jar"]
CMD ["up"]
