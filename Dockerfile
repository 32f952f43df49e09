# Builds mixer and packs it with the shipped models; mount or copy a store to serve it:
#
#   docker build -t mixer .
#   docker run --rm -v "$PWD/demo:/data" mixer index --corpus /opt/mixer/Corpus/tinystories --store /data/tinystories.sqlite
#   docker run --rm -p 8080:8080 -v "$PWD/demo:/data" mixer serve --store /data/tinystories.sqlite --host 0.0.0.0

FROM swift:6.3-bookworm AS build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \
    libopenblas-dev libsqlite3-dev libsentencepiece-dev libcurl4-openssl-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product mixer --static-swift-stdlib && cp "$(swift build -c release --show-bin-path)/mixer" /mixer

FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \
    libopenblas0-pthread libsqlite3-0 libsentencepiece0 libcurl4 libxml2 ca-certificates \
    && rm -rf /var/lib/apt/lists/* && useradd --system --create-home mixer
COPY --from=build /mixer /usr/local/bin/mixer
COPY Models /opt/mixer/Models
COPY Corpus /opt/mixer/Corpus
ENV MIXER_MODELS=/opt/mixer/Models
USER mixer
WORKDIR /home/mixer
EXPOSE 8080
ENTRYPOINT ["mixer"]
CMD ["--help"]
