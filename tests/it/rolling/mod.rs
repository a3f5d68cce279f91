//! Servers of one database that are replaced one after the other behind a load balancer, under load: no request fails,
//! and what was acknowledged is there once. The same with servers of an older build.

mod builds;
mod cluster;
mod proxy;
mod same_build;
