"""Data services to the city and the Ministry (chia sẻ dữ liệu)."""
